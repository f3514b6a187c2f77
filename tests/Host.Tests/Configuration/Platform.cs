using System.Runtime.Versioning;

// The daemon is for systems with file modes.
[assembly: UnsupportedOSPlatform("windows")]
