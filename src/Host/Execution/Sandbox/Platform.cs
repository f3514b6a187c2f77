using System.Runtime.Versioning;

// The daemon is for systems with processes as Unix knows them.
[assembly: UnsupportedOSPlatform("windows")]
