using System.Diagnostics;

namespace AptTask.Acceptance.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class Programs
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string folder,
        string? input = null,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(DaemonProcess.Patience);
        return (process.ExitCode, await output, await errors);
    }
}
