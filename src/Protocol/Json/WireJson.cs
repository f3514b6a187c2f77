using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptTask.Protocol;

/// <summary>How answers and events are written as JSON, and read back by clients. Requests have their own, stricter reader.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantConverter), typeof(RequestIdConverter)]
)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(HelloAnswer))]
[JsonSerializable(typeof(IndexAnswer))]
[JsonSerializable(typeof(StartAnswer))]
[JsonSerializable(typeof(SubmitAnswer))]
[JsonSerializable(typeof(StopAnswer))]
[JsonSerializable(typeof(ActiveAnswer))]
[JsonSerializable(typeof(TasksAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(ExplainAnswer))]
[JsonSerializable(typeof(WaitAnswer))]
[JsonSerializable(typeof(WatchAnswer))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(ResultAnswer))]
[JsonSerializable(typeof(AckAnswer))]
[JsonSerializable(typeof(ReloadAnswer))]
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(WorkersAnswer))]
[JsonSerializable(typeof(LanesAnswer))]
[JsonSerializable(typeof(GroupsAnswer))]
[JsonSerializable(typeof(PauseAnswer))]
[JsonSerializable(typeof(DrainAnswer))]
[JsonSerializable(typeof(ForgetAnswer))]
[JsonSerializable(typeof(KillAnswer))]
[JsonSerializable(typeof(ShutdownAnswer))]
[JsonSerializable(typeof(StateEvent))]
[JsonSerializable(typeof(ReportEvent))]
[JsonSerializable(typeof(PostedEvent))]
[JsonSerializable(typeof(LogEvent))]
[JsonSerializable(typeof(EndEvent))]
internal sealed partial class WireJson : JsonSerializerContext;
