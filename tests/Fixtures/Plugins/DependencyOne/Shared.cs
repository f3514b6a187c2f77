namespace Dependency;

public static class Shared
{
    public static string Version => "1.0.0";
}
