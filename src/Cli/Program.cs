using AptTask.Cli;

return await Application.RunAsync(args, Surroundings.OfThisProcess());
