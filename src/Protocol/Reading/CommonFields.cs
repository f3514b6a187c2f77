namespace AptTask.Protocol;

/// <summary>The values that every request may have.</summary>
/// <param name="Id">The id to echo.</param>
/// <param name="Key">Who speaks.</param>
/// <param name="Group">Whose tasks are meant.</param>
internal readonly record struct CommonFields(RequestId Id, string? Key, string? Group);
