using System.Collections.Immutable;

namespace AptTask.Host.Engine;

/// <summary>All that can be run, as of now. A reload replaces the content at once; what was found before stays usable.</summary>
internal interface IRoutineCatalogue
{
    /// <summary>Every routine, by name.</summary>
    ImmutableArray<IRunnableRoutine> Routines { get; }

    /// <summary>The routine of that name, or null. Any thread.</summary>
    IRunnableRoutine? Find(string name);
}
