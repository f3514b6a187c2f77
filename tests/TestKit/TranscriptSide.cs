namespace AptTask.TestKit;

/// <summary>Who says a line of a transcript.</summary>
public enum TranscriptSide
{
    /// <summary>Something that is done to the connection.</summary>
    Act = '!',

    /// <summary>The daemon.</summary>
    FromDaemon = '<',

    /// <summary>The client.</summary>
    ToDaemon = '>',
}
