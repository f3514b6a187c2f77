namespace NoRoutine;

public static class Plain
{
    public static int Add(int a, int b) => a + b;

    public static int Twice(int a) => a + a;

    public static long Twice(long a) => a + a;

    public static T Same<T>(T value) => value;

    public static async Task<string> GreetAsync(string name)
    {
        await Task.Yield();
        return $"Hello, {name}.";
    }

    internal static int Hidden() => 1;

    public static class Inner
    {
        public static int Deep() => 7;
    }
}
