using System.Buffers.Binary;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// Writes the program by which the kernel judges each system call inside the fences restricted and isolated. A list of what is
/// denied, because whole runtimes have to work; but what is newer than the list is denied too. Pure: numbers to bytes.
/// </summary>
/// <remarks>Every judgement stands behind its own comparison, so that no jump is longer than one instruction can say.</remarks>
internal static class SyscallFilter
{
    private const int NotPermitted = 1; // EPERM
    private const int NoSuchCall = 38; // ENOSYS
    private const int NoSuchFamily = 97; // EAFNOSUPPORT

    // Offsets into what the kernel shows: the number, the architecture, and six arguments of 64 bits, low half first.
    private const uint Number = 0;
    private const uint Architecture = 4;
    private const uint FirstArgument = 16;
    private const uint SecondArgument = 24;

    /// <summary>Flags of clone that make namespaces: mount, cgroup, uts, ipc, user, pid, net.</summary>
    private const uint NewNamespaces = 0x7E020000;

    /// <summary>Put characters into the input of a terminal: TIOCSTI, TIOCLINUX. The kernel looks at 32 bits of them, so this does.</summary>
    private static ReadOnlySpan<uint> TerminalInput => [0x5412, 0x541C];

    /// <summary>UNIX, INET, INET6, NETLINK. Others (VSOCK, PACKET, ALG, …) are not fenced by a network namespace, or too rarely used.</summary>
    private static ReadOnlySpan<uint> Families => [1, 2, 10, 16];

    /// <summary>The program, as an array of the kernel's <c>sock_filter</c>.</summary>
    public static byte[] Build(Syscalls calls)
    {
        var program = new FilterProgram();
        program.Load(Architecture);
        program.Unless(Jump.Equal, calls.Audit, FilterProgram.KillProcess);
        program.Load(Number);
        if (calls.ForeignFrom is { } foreign)
            program.When(Jump.AtLeast, foreign, FilterProgram.Error(NoSuchCall));
        program.When(Jump.Above, Syscalls.Newest, FilterProgram.Error(NoSuchCall));
        foreach (var number in calls.Forbidden)
            program.When(Jump.Equal, number, FilterProgram.Error(NotPermitted));
        foreach (var number in calls.Absent)
            program.When(Jump.Equal, number, FilterProgram.Error(NoSuchCall));

        program.Skip(calls.Clone, 4);
        program.Load(FirstArgument);
        program.When(Jump.HasAny, NewNamespaces, FilterProgram.Error(NotPermitted));
        program.Return(FilterProgram.Allow);

        program.Skip(calls.Control, 2 + (2 * TerminalInput.Length));
        program.Load(SecondArgument);
        foreach (var request in TerminalInput)
            program.When(Jump.Equal, request, FilterProgram.Error(NotPermitted));
        program.Return(FilterProgram.Allow);

        program.Skip(calls.Socket, 2 + (2 * Families.Length));
        program.Load(FirstArgument);
        foreach (var family in Families)
            program.When(Jump.Equal, family, FilterProgram.Allow);
        program.Return(FilterProgram.Error(NoSuchFamily));

        program.Return(FilterProgram.Allow);
        return program.ToArray();
    }

    /// <summary>Comparisons of what was loaded with a constant.</summary>
    private enum Jump : ushort
    {
        Equal = 0x15,
        Above = 0x25,
        AtLeast = 0x35,
        HasAny = 0x45,
    }

    /// <summary>Instructions of eight bytes: code, two jumps, constant.</summary>
    private sealed class FilterProgram
    {
        public const uint KillProcess = 0x80000000;
        public const uint Allow = 0x7FFF0000;

        private const ushort LoadWord = 0x20;
        private const ushort ReturnConstant = 0x06;

        private readonly List<byte> _bytes = [];

        public static uint Error(int number) => 0x00050000 | (uint)number;

        public void Load(uint offset) => Add(LoadWord, 0, 0, offset);

        public void Return(uint verdict) => Add(ReturnConstant, 0, 0, verdict);

        public void When(Jump jump, uint value, uint verdict)
        {
            Add((ushort)jump, 0, 1, value);
            Return(verdict);
        }

        public void Unless(Jump jump, uint value, uint verdict)
        {
            Add((ushort)jump, 1, 0, value);
            Return(verdict);
        }

        /// <summary>Jumps over so many instructions when what was loaded is not this number.</summary>
        public void Skip(uint number, int instructions) => Add((ushort)Jump.Equal, 0, (byte)instructions, number);

        public byte[] ToArray() => [.. _bytes];

        private void Add(ushort code, byte whenTrue, byte whenFalse, uint constant)
        {
            Span<byte> instruction = stackalloc byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, code);
            instruction[2] = whenTrue;
            instruction[3] = whenFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], constant);
            _bytes.AddRange(instruction);
        }
    }
}
