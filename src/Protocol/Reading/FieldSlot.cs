using System.Runtime.InteropServices;
using System.Text.Json;

namespace AptTask.Protocol;

/// <summary>Where the value of a field stands in its line.</summary>
/// <param name="Start">The index of its first byte.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Kind">What it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FieldSlot(int Start, int Length, JsonTokenType Kind);
