using AptTask.Bench;
using BenchmarkDotNet.Running;

// The load programs read /proc and speak over a Unix socket.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// Questions with numbers for answers; docs/performance.md says how to ask them and what came out.
const string Usage = """
    usage: dotnet run -c Release --project bench -- VERB [OPTIONS]

      load      the whole daemon over TCP: rate, latency, memory, beside an echo and bare inserts
                  --tasks N  --durability full|normal|memory  --window N  --batch N  --width N  --pending N,N,…
                  --samples N  --skip-build
      commands  /bin/true as a whitelisted command with two places, beside make -j2
                  --count N  --rounds N  --durability full|normal|memory  --skip-build
      fences    /bin/true in each fence, beside the same tools started by a script
                  --count N  --rounds N
      schedule  the scheduler alone, on a layered graph; what follows goes to it
      micro     small questions with BenchmarkDotNet; what follows goes to it, for example --filter '*Line*'
    """;

switch (args)
{
    case ["load", .. var rest]:
        Machine.Print();
        return await LoadRun.RunAsync(Options.Parse(rest));
    case ["commands", .. var rest]:
        Machine.Print();
        return await CommandRun.RunAsync(Options.Parse(rest));
    case ["fences", .. var rest]:
        Machine.Print();
        return await FenceStarts.RunAsync(Options.Parse(rest));
    case ["schedule", .. var rest]:
        Machine.Print();
        return ScheduleLayeredGraph.Run(rest);
    case ["micro", .. var rest]:
        Machine.Print();
        BenchmarkSwitcher.FromAssembly(typeof(Machine).Assembly).Run(rest);
        return 0;
    case [EchoServer.Verb]:
        return await EchoServer.RunAsync();
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}
