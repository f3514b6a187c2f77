namespace AptTask.Host.Execution.Routines.Code;

/// <summary>Code cannot be offered as a routine. Never leaves this room: it becomes a problem of the plugin.</summary>
internal sealed class UnusableCodeException(string why) : Exception(why);
