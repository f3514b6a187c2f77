namespace AptTask.Plugin;

/// <summary>Marks an argument as secret: it is masked in every answer, event and log. The routine sees it as it is.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
