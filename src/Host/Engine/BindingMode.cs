namespace AptTask.Host.Engine;

/// <summary>How strictly the JSON types of arguments are taken.</summary>
internal enum BindingMode
{
    /// <summary>A number is a number.</summary>
    Strict,

    /// <summary>Clients of the old protocol send strings; they are read as the declared type.</summary>
    Coerce,
}
