namespace Dependency;

public static class Shared
{
    public static string Version => "2.0.0";
}
