namespace AptTask.Protocol;

/// <summary>What one request is made of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fields">The fields that it may have besides the common ones.</param>
/// <param name="Build">Makes it from its fields; what is wrong is noted in the reader.</param>
internal sealed record RequestShape(string Name, ulong Fields, RequestShape.Builder Build)
{
    /// <summary>Every request may have these.</summary>
    public static readonly ulong CommonFields = FieldTable.SetOf(Field.Id, Field.Key, Field.Request, Field.Group);

    /// <summary>Makes a request.</summary>
    /// <param name="fields">Its values.</param>
    /// <param name="common">The values that every request may have.</param>
    public delegate Request Builder(ref FieldReader fields, in CommonFields common);
}
