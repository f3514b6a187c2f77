using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>A comparison that begins when it is awaited, so that settings can still be added after the call.</summary>
public sealed class SettingsTask
{
    private readonly VerifySettings _settings;
    private readonly Func<VerifySettings, Task> _compare;
    private Task? _comparison;

    internal SettingsTask(VerifySettings settings, Func<VerifySettings, Task> compare)
    {
        _settings = settings;
        _compare = compare;
    }

    /// <inheritdoc cref="VerifySettings.AddScrubber"/>
    public SettingsTask AddScrubber(Func<string, string> scrubber) => With(settings => settings.AddScrubber(scrubber));

    /// <inheritdoc cref="VerifySettings.ScrubInlineGuids"/>
    public SettingsTask ScrubInlineGuids() => With(settings => settings.ScrubInlineGuids());

    /// <inheritdoc cref="VerifySettings.ScrubLinesContaining"/>
    public SettingsTask ScrubLinesContaining(params string[] texts) =>
        With(settings => settings.ScrubLinesContaining(texts));

    /// <inheritdoc cref="VerifySettings.UseTextForParameters"/>
    public SettingsTask UseTextForParameters(string parametersText) =>
        With(settings => settings.UseTextForParameters(parametersText));

    /// <summary>Compares, once however often it is called; for a test that returns a <see cref="Task"/>.</summary>
    public Task ToTask() => _comparison ??= _compare(_settings);

    /// <summary>Makes the comparison awaitable.</summary>
    public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();

    private SettingsTask With(Action<VerifySettings> change)
    {
        change(_settings);
        return this;
    }
}
