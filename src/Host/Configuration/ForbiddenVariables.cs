using System.Collections.Frozen;

namespace AptTask.Host.Configuration;

/// <summary>Variables that make programs load or run something else. An entry may set them only with <c>unsafe_env = true</c>.</summary>
internal static class ForbiddenVariables
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "GLIBC_TUNABLES",
        "GCONV_PATH",
        "LOCPATH",
        "NLSPATH",
        "BASH_ENV",
        "ENV",
        "IFS",
        "PS4",
        "SHELLOPTS",
        "BASHOPTS",
        "PATH",
        "JAVA_TOOL_OPTIONS",
        "LESSOPEN",
        "LESSCLOSE",
        "PAGER",
        "EDITOR",
        "VISUAL",
        "TERMINFO",
        "HOSTALIASES",
        "RES_OPTIONS",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] Prefixes =
    [
        "LD_",
        "DOTNET_",
        "COMPlus_",
        "CORECLR_",
        "PYTHON",
        "PERL5",
        "RUBY",
        "NODE_",
        "GIT_",
        "APTASK_",
    ];

    /// <summary>Whether a variable is among them.</summary>
    public static bool Contains(string name) =>
        Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
