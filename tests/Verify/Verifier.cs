using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using VerifyTests;
using Xunit;
using Xunit.v3;

namespace VerifyXunit;

/// <summary>
/// Compares a text with an approved one that lies beside the test's source, as the package Verify does. A stand-in with its
/// names and its file names (docs/decisions/0001-snapshots-through-a-seam.md), for as long as the package cannot be had.
/// </summary>
/// <remarks>
/// Objects are written as JSON here and in a format of its own there: a snapshot that has to survive the change passes a
/// string or JSON.
/// </remarks>
public static class Verifier
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Compares a text with <c>Class.Method.verified.txt</c>.</summary>
    public static SettingsTask Verify(
        string? target,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = ""
    ) => Verify(target, "txt", settings, sourceFile);

    /// <summary>Compares a text with <c>Class.Method.verified.</c> and the extension.</summary>
    public static SettingsTask Verify(
        string? target,
        string extension,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = ""
    ) => new(settings ?? new VerifySettings(), chosen => CompareAsync(target ?? "null", extension, chosen, sourceFile));

    /// <summary>Compares an object, written as indented JSON, with <c>Class.Method.verified.json</c>.</summary>
    public static SettingsTask Verify<T>(
        T target,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = ""
    ) => Verify(JsonSerializer.Serialize(target, Json), "json", settings, sourceFile);

    /// <summary>Compares JSON, indented anew, with <c>Class.Method.verified.json</c>.</summary>
    public static SettingsTask VerifyJson(
        string json,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = ""
    )
    {
        var value = JsonSerializer.Deserialize<JsonElement>(json);
        return Verify(JsonSerializer.Serialize(value, Json), "json", settings, sourceFile);
    }

    private static Task CompareAsync(string text, string extension, VerifySettings settings, string sourceFile)
    {
        var scrubbed = settings.Scrub(text.ReplaceLineEndings("\n"));
        var stem = Path.Combine(Path.GetDirectoryName(sourceFile)!, NameOfTest(settings));
        return new Snapshot(stem, extension).CompareAsync(scrubbed);
    }

    private static string NameOfTest(VerifySettings settings)
    {
        if (TestContext.Current is not { Test: IXunitTest test, TestMethod: IXunitTestMethod method })
            throw new InvalidOperationException(
                "Verify takes the snapshot's name from the running test, and none is running."
            );

        var parameters =
            settings.ParametersText
            ?? string.Join(
                '_',
                method.Parameters.Zip(test.TestMethodArguments, (parameter, value) => $"{parameter.Name}={value}")
            );
        var name = $"{method.TestClass.TestClassSimpleName}.{method.MethodName}";
        return parameters.Length == 0 ? name : $"{name}_{WithoutInvalid(parameters)}";
    }

    // The file has to have the same name on every system, so Windows' rules hold on all.
    private static string WithoutInvalid(string name) =>
        string.Concat(name.Where(c => !char.IsControl(c) && !"<>:\"/\\|?*".Contains(c, StringComparison.Ordinal)));
}
