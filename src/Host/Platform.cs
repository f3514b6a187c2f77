using System.Runtime.Versioning;

// File modes, process groups and Unix sockets are what the daemon is made of; it makes no claim for Windows.
[assembly: SupportedOSPlatform("linux")]
[assembly: SupportedOSPlatform("freebsd")]
