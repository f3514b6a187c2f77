namespace AptTask.Host.Execution.Routines.Code;

/// <summary>Where code lives that may go away: counts who is in it.</summary>
internal interface ICodeHome
{
    /// <summary>For people: <c>plugin files</c>.</summary>
    string Title { get; }

    /// <summary>An attempt that had entered has ended.</summary>
    void Leave();

    /// <summary>An attempt was given up while its code runs on.</summary>
    void Abandon();

    /// <summary>Code that was given up has ended after all.</summary>
    void Return();
}
