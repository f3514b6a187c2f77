using AptTask.Host.Configuration;

namespace AptTask.Host;

/// <summary><c>aptaskd key new</c>.</summary>
internal static class KeyVerb
{
    /// <summary>Makes a key, adds its entry to the key file and shows the key once.</summary>
    public static int New(Setup setup, string id, string role, string? group)
    {
        var outcome = setup.Read(FileProtection.Strict);
        if (!Setup.Explain(outcome, Console.Error))
            return ExitCodes.BadConfiguration;
        if (!KeyText.IsId(id) || !Enum.TryParse<KeyRole>(role, ignoreCase: true, out var parsed))
        {
            Console.Error.WriteLine(
                "error: the id has letters, digits and dashes; the role is user, admin or worker. Example: aptaskd key new web --role user"
            );
            return ExitCodes.Usage;
        }

        if (outcome.Keys.Any(key => key.Id == id))
        {
            Console.Error.WriteLine(
                $"error: {outcome.Options!.KeysFile} has a key {id} already. Choose another id, or remove that entry."
            );
            return ExitCodes.Usage;
        }

        var (key, entry) = KeyMaker.Make(id, parsed, group ?? id, TimeProvider.System.GetUtcNow());
        try
        {
            KeyFile.Append(outcome.Options!.KeysFile, entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error: {outcome.Options!.KeysFile} cannot be written: {e.Message}");
            return ExitCodes.CannotStart;
        }

        Console.Error.WriteLine(
            $"Added {id} to {outcome.Options.KeysFile}. This is the only time that the key is shown:"
        );
        Console.WriteLine(key);
        return ExitCodes.Ok;
    }
}
