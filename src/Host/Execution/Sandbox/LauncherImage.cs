using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AptTask.Host.Configuration;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>
/// Writes the smallest program that builds one fence: it does what the chain of <c>setsid</c>, <c>prlimit</c> and
/// <c>setpriv</c> does, with the same system calls in the same order, and then becomes the command named by its arguments. For a fence
/// with namespaces it opens the files of <see cref="FenceStart"/>, which come as its first arguments, and becomes <c>bwrap</c>. Each of
/// those tools costs as much as a small command itself, because it is linked and loaded anew; this one is a few hundred bytes
/// without a library. Any call that fails ends it with a message: it never goes on with a weaker fence.
/// </summary>
/// <remarks>Pure, and for Linux on x86-64 alone; elsewhere, and with <c>sandbox.launcher = "tools"</c>, the chain is used.</remarks>
internal static class LauncherImage
{
    /// <summary>What it calls itself.</summary>
    public const string MessageName = "aptask-fence";

    /// <summary>How every message of it begins.</summary>
    public const string MessagePrefix = MessageName + ": ";

    // Numbers of system calls on x86-64, from the kernel's syscall_64.tbl.
    private const int WriteFile = 1;
    private const int OpenFile = 2;
    private const int CloseFile = 3;
    private const int ExecuteProgram = 59;
    private const int NewSession = 112;
    private const int SetGroups = 116;
    private const int SetUserIds = 117;
    private const int SetGroupIds = 119;
    private const int SetCapabilities = 126;
    private const int ProcessControl = 157;
    private const int SetLimit = 302;
    private const int CloseRange = 436;

    // Flags of open.
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int TruncateFile = 512;

    // Options of prctl.
    private const int ParentDeathSignal = 1;
    private const int DropBoundingCapability = 24;
    private const int NoNewPrivileges = 38;
    private const int Ambient = 47;
    private const int AmbientClearAll = 4;

    /// <summary>The program.</summary>
    /// <param name="request">The fence.</param>
    /// <param name="lastCapability">The highest capability that the kernel knows.</param>
    public static byte[] Build(FenceRequest request, int lastCapability)
    {
        var program = new X64Program();
        foreach (var _ in request.Start.Joins)
            AddJoin(program);
        if (request.HasNamespaces)
            AddFiles(program, request.Profile);
        program.Call("setsid", NewSession);
        if (request.Profile == SandboxProfile.Limits)
            AddLimits(program, request.Limits);
        if (request.User is { } user)
            AddUser(program, user, lastCapability);
        if (request.Profile != SandboxProfile.None)
            program.Call("no_new_privs", ProcessControl, NoNewPrivileges, 1, 0, 0, 0);
        // After the change of user, which would take it back.
        program.Call("pdeathsig", ProcessControl, ParentDeathSignal, Native.SignalKill);
        program.Become("the program could not be executed", ExecuteProgram);
        return program.ToImage();
    }

    /// <summary>Writes "0", which stands for the writer, into the file that the next argument names.</summary>
    private static void AddJoin(X64Program program)
    {
        program.CallOnArgument("joining a cgroup", OpenFile, WriteOnly);
        program.CallOnResult("joining a cgroup", WriteFile, program.Constant("0"u8), 1);
        program.CallOnSame("closing a cgroup", CloseFile);
    }

    /// <summary>Opens files, which get the numbers 3 and following, because nothing else is open.</summary>
    private static void AddFiles(X64Program program, SandboxProfile profile)
    {
        program.Call("close_range", CloseRange, 3, -1, 0);
        program.CallOnArgument("opening the status file", OpenFile, WriteOnly | TruncateFile);
        program.CallOnArgument("opening the filter", OpenFile, ReadOnly);
        if (profile != SandboxProfile.Isolated)
            return;
        program.CallOnArgument("opening the users", OpenFile, ReadOnly);
        program.CallOnArgument("opening the groups", OpenFile, ReadOnly);
    }

    private static void AddLimits(X64Program program, CommandLimits limits)
    {
        if (limits.Cpu is { } cpu)
        {
            var seconds = (long)Math.Ceiling(cpu.TotalSeconds);
            AddLimit(program, "cpu", 0, seconds, seconds + 1);
        }
        if (limits.Memory is { } memory)
            AddLimit(program, "data", 2, memory, memory);
        if (limits.Processes is { } processes)
            AddLimit(program, "nproc", 6, processes, processes);
        if (limits.Files is { } files)
            AddLimit(program, "nofile", 7, files, files);
        if (limits.FileSize is { } size)
            AddLimit(program, "fsize", 1, size, size);
    }

    private static void AddLimit(X64Program program, string name, int resource, long soft, long hard)
    {
        var limit = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(limit, soft);
        BinaryPrimitives.WriteInt64LittleEndian(limit.AsSpan(8), hard);
        program.Call("limit " + name, SetLimit, 0, resource, program.Constant(limit), 0);
    }

    private static void AddUser(X64Program program, Subject user, int lastCapability)
    {
        program.Call("setgroups", SetGroups, 0, 0);
        program.Call("setresgid", SetGroupIds, user.Gid, user.Gid, user.Gid);
        for (var capability = 0; capability <= lastCapability; capability++)
            program.Call("bounding set", ProcessControl, DropBoundingCapability, capability, 0, 0, 0);
        program.Call("setresuid", SetUserIds, user.Uid, user.Uid, user.Uid);
        // Version 3 of the structure, this process; then no capability in any of the three sets.
        var header = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(header, 0x20080522);
        program.Call("capset", SetCapabilities, program.Constant(header), program.Constant(new byte[24]));
        program.Call("ambient set", ProcessControl, Ambient, AmbientClearAll, 0, 0, 0);
    }

    /// <summary>Machine code as a list of system calls. It has no branches but the one out when a call fails.</summary>
    private sealed class X64Program
    {
        /// <summary>Where the file is mapped. Low, so that every address fits into 32 bits.</summary>
        private const int Base = 0x400000;
        private const int HeaderSize = 64;
        private const int SegmentSize = 56;
        private const int FailureExitCode = 126;

        // mov register, imm32 for the arguments of a call: edi, esi, edx, r10d, r8d.
        private static readonly byte[][] MoveArgument =
        [
            [0xBF],
            [0xBE],
            [0xBA],
            [0x41, 0xBA],
            [0x41, 0xB8],
        ];

        private readonly List<byte> _code = [];
        private readonly List<byte> _constants = [];
        private readonly List<int> _addresses = [];
        private readonly List<int> _failures = [];
        private int _used;

        /// <summary>Adds data and answers with its place, for an argument of a call.</summary>
        public Place Constant(ReadOnlySpan<byte> bytes)
        {
            while (_constants.Count % 8 != 0)
                _constants.Add(0);
            var place = new Place(_constants.Count);
            _constants.AddRange(bytes);
            return place;
        }

        /// <summary>Adds a call, and the way out if it fails.</summary>
        public void Call(string name, int number, params ReadOnlySpan<Operand> arguments) =>
            Call(name, number, firstMoved: 0, arguments);

        /// <summary>Adds a call whose first argument is the program's next argument, which is used up by that.</summary>
        public void CallOnArgument(string name, int number, params ReadOnlySpan<Operand> others)
        {
            Add(0x48, 0x8B, 0x7C, 0x24, ArgumentOffset(_used)); // mov rdi, [rsp+...]
            _used++;
            Call(name, number, firstMoved: 1, others);
        }

        /// <summary>Adds a call whose first argument is what the call before answered.</summary>
        public void CallOnResult(string name, int number, params ReadOnlySpan<Operand> others)
        {
            Add(0x89, 0xC7); // mov edi, eax
            Call(name, number, firstMoved: 1, others);
        }

        /// <summary>Adds a call whose first argument is the one of the call before: the kernel leaves it where it is.</summary>
        public void CallOnSame(string name, int number) => Call(name, number, firstMoved: 1, []);

        private void Call(string name, int number, int firstMoved, ReadOnlySpan<Operand> arguments)
        {
            for (var i = 0; i < arguments.Length; i++)
                Move(MoveArgument[firstMoved + i], arguments[i]);
            Move([0xB8], number); // mov eax, number
            Add(0x0F, 0x05); // syscall
            Add(0x48, 0x85, 0xC0); // test rax, rax
            Add(0x79, 15); // jns over the way out
            Fail(name + " failed");
        }

        /// <summary>Where an argument of the program stands on its stack: after their number and its own name.</summary>
        private static byte ArgumentOffset(int index) => checked((byte)sbyte.CreateChecked(16 + (8 * index)));

        /// <summary>Adds the end: becoming the program that the arguments name which are not used up.</summary>
        public void Become(string failure, int number)
        {
            Add(0x48, 0x8B, 0x7C, 0x24, ArgumentOffset(_used)); // mov rdi, [rsp+16]          argv[1]
            Add(0x48, 0x8D, 0x74, 0x24, ArgumentOffset(_used)); // lea rsi, [rsp+16]          argv+1
            Add(0x48, 0x8B, 0x04, 0x24); // mov rax, [rsp]             argc
            Add(0x48, 0x8D, 0x54, 0xC4, 0x10); // lea rdx, [rsp+rax*8+16]    the environment
            Move([0xB8], number);
            Add(0x0F, 0x05);
            Fail(failure);
        }

        /// <summary>The whole file.</summary>
        public byte[] ToImage()
        {
            AddExit();
            var constants = HeaderSize + SegmentSize + _code.Count;
            var image = new byte[constants + _constants.Count];
            WriteHeaders(image);
            foreach (var at in _addresses)
            {
                var offset = BitConverter.ToInt32([.. _code[at..(at + 4)]]);
                BinaryPrimitives.WriteInt32LittleEndian(
                    System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_code)[at..],
                    Base + constants + offset
                );
            }
            _code.CopyTo(image, HeaderSize + SegmentSize);
            _constants.CopyTo(image, constants);
            return image;
        }

        private void Move(ReadOnlySpan<byte> instruction, Operand operand)
        {
            Add(instruction);
            if (operand.IsPlace)
                _addresses.Add(_code.Count);
            AddInt32(operand.Value);
        }

        /// <summary>15 bytes: the message's address and length, and a jump to the common exit.</summary>
        private void Fail(string message)
        {
            var bytes = Encoding.ASCII.GetBytes(MessagePrefix + message + "\n");
            Move([0xBE], Constant(bytes)); // mov esi, message
            Move([0xBA], bytes.Length); // mov edx, length
            Add(0xE9); // jmp exit
            _failures.Add(_code.Count);
            AddInt32(0);
        }

        private void AddExit()
        {
            var exit = _code.Count;
            Move([0xBF], 2); // mov edi, standard error
            Move([0xB8], 1); // mov eax, write
            Add(0x0F, 0x05);
            Move([0xBF], FailureExitCode);
            Move([0xB8], 231); // mov eax, exit_group
            Add(0x0F, 0x05);
            var code = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_code);
            foreach (var at in _failures)
                BinaryPrimitives.WriteInt32LittleEndian(code[at..], exit - (at + 4));
        }

        /// <summary>An ELF file of one segment that is read and executed, and never written.</summary>
        private static void WriteHeaders(Span<byte> image)
        {
            ReadOnlySpan<byte> identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
            identity.CopyTo(image);
            BinaryPrimitives.WriteInt16LittleEndian(image[16..], 2); // an executable
            BinaryPrimitives.WriteInt16LittleEndian(image[18..], 62); // for x86-64
            BinaryPrimitives.WriteInt32LittleEndian(image[20..], 1); // version
            BinaryPrimitives.WriteInt64LittleEndian(image[24..], Base + HeaderSize + SegmentSize); // starts here
            BinaryPrimitives.WriteInt64LittleEndian(image[32..], HeaderSize); // segments are described here
            BinaryPrimitives.WriteInt16LittleEndian(image[52..], HeaderSize);
            BinaryPrimitives.WriteInt16LittleEndian(image[54..], SegmentSize);
            BinaryPrimitives.WriteInt16LittleEndian(image[56..], 1); // one segment
            var segment = image[HeaderSize..];
            BinaryPrimitives.WriteInt32LittleEndian(segment, 1); // loaded
            BinaryPrimitives.WriteInt32LittleEndian(segment[4..], 5); // to read and execute
            BinaryPrimitives.WriteInt64LittleEndian(segment[16..], Base);
            BinaryPrimitives.WriteInt64LittleEndian(segment[24..], Base);
            BinaryPrimitives.WriteInt64LittleEndian(segment[32..], image.Length);
            BinaryPrimitives.WriteInt64LittleEndian(segment[40..], image.Length);
            BinaryPrimitives.WriteInt64LittleEndian(segment[48..], 4096);
        }

        private void Add(params ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);

        private void AddInt32(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            Add(bytes);
        }
    }

    /// <summary>A place among the constants.</summary>
    private readonly record struct Place(int Offset);

    /// <summary>An argument of a call: a number, or the address of a constant.</summary>
    private readonly record struct Operand(int Value, bool IsPlace)
    {
        public static implicit operator Operand(int value) => new(value, IsPlace: false);

        public static implicit operator Operand(uint value) => new(unchecked((int)value), IsPlace: false);

        public static implicit operator Operand(Place place) => new(place.Offset, IsPlace: true);

        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }
}
