using System.Runtime.InteropServices;
using System.Text;
using AptTask.Puppet;

// A program that does what a test tells it: sleep SECONDS · echo TEXT… · args … (each argument as hexadecimal bytes, one a line) ·
// spew BYTES [err] · exit CODE · signal NUMBER (ends itself by it) · ignore-signals SECONDS · polite CODE (waits for TERM) ·
// fork SECONDS (a daemon that has left session and parent) · fork-bare SECONDS (and its environment) · hold-stdout SECONDS ·
// alloc BYTES · spin · env · cat · pwd · status (its entry in /proc) · stop (stops itself) · touch FILE
var rest = args.Length > 1 ? args[1..] : [];
switch (args.FirstOrDefault())
{
    case "sleep":
        Deeds.Sleep(double.Parse(rest[0]));
        return 0;
    case "echo":
        Console.Out.Write(string.Join(' ', rest));
        return 0;
    case "args":
        foreach (var argument in rest)
            Console.Out.WriteLine(Convert.ToHexString(Encoding.UTF8.GetBytes(argument)));
        return 0;
    case "spew":
        return Deeds.Spew(long.Parse(rest[0]), rest.Contains("err"));
    case "exit":
        return int.Parse(rest[0]);
    case "signal":
        // The runtime handles some of them; what a test wants is what the system does with a program that does not.
        Deeds.Forget(int.Parse(rest[0]));
        _ = Deeds.Kill(Environment.ProcessId, int.Parse(rest[0]));
        Deeds.Sleep(60);
        return 0;
    case "ignore-signals":
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true))
        using (PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true))
        {
            Deeds.Say("ready");
            Deeds.Sleep(double.Parse(rest[0]));
        }
        return 0;
    case "polite":
        return Deeds.WaitForTerm(int.Parse(rest[0]));
    case "fork":
        return Deeds.Fork("setsid", rest[0]);
    case "fork-bare":
        return Deeds.Fork("env -i setsid", rest[0]);
    case "hold-stdout":
        return Deeds.Shell($"sleep {double.Parse(rest[0])} & echo ready");
    case "alloc":
        return Deeds.Allocate(long.Parse(rest[0]));
    case "spin":
        while (true)
            Thread.SpinWait(1000);
    case "env":
        foreach (
            var variable in Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal)
        )
            Console.Out.WriteLine($"{variable}={Environment.GetEnvironmentVariable(variable)}");
        return 0;
    case "cat":
        using (var input = Console.OpenStandardInput())
        using (var output = Console.OpenStandardOutput())
            input.CopyTo(output);
        return 0;
    case "pwd":
        Console.Out.WriteLine(Environment.CurrentDirectory);
        return 0;
    case "status":
        Console.Out.Write(File.ReadAllText("/proc/self/status"));
        return 0;
    case "stop":
        Deeds.Say("ready");
        _ = Deeds.Kill(Environment.ProcessId, 19);
        return 0;
    case "touch":
        File.WriteAllText(rest[0], "");
        return 0;
    default:
        Console.Error.WriteLine("puppet: what?");
        return 64;
}
