using AptTask.Host;

return await DaemonCommandLine.Build().Parse(args).InvokeAsync();
