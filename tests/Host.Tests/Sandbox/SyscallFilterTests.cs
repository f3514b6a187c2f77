using System.Buffers.Binary;
using AptTask.Host.Execution.Sandbox;

namespace AptTask.Host.Tests.Sandbox;

public sealed class SyscallFilterTests
{
    private const uint Allow = 0x7FFF0000;
    private const uint Kill = 0x80000000;
    private const uint NotPermitted = 0x00050001;
    private const uint NoSuchCall = 0x00050026;
    private const uint NoSuchFamily = 0x00050061;

    [Theory]
    // Ordinary work of ordinary programs: read, execve, socketpair, futex, memfd_create, openat2, landlock, mseal.
    [InlineData("x64", 0, 0, 0, Allow)]
    [InlineData("x64", 59, 0, 0, Allow)]
    [InlineData("x64", 53, 1, 1, Allow)]
    [InlineData("x64", 202, 0, 0, Allow)]
    [InlineData("x64", 319, 0, 0, Allow)]
    [InlineData("x64", 437, 0, 0, Allow)]
    [InlineData("x64", 444, 0, 0, Allow)]
    [InlineData("x64", 462, 0, 0, Allow)]
    [InlineData("arm64", 63, 0, 0, Allow)]
    [InlineData("arm64", 221, 0, 0, Allow)]
    [InlineData("arm64", 279, 0, 0, Allow)]
    // ptrace, mount, unshare, setns, keyctl, bpf, perf_event_open, open_tree, mount_setattr.
    [InlineData("x64", 101, 0, 0, NotPermitted)]
    [InlineData("x64", 165, 0, 0, NotPermitted)]
    [InlineData("x64", 272, 0, 0, NotPermitted)]
    [InlineData("x64", 308, 0, 0, NotPermitted)]
    [InlineData("x64", 250, 0, 0, NotPermitted)]
    [InlineData("x64", 321, 0, 0, NotPermitted)]
    [InlineData("x64", 298, 0, 0, NotPermitted)]
    [InlineData("x64", 428, 0, 0, NotPermitted)]
    [InlineData("x64", 442, 0, 0, NotPermitted)]
    [InlineData("arm64", 117, 0, 0, NotPermitted)]
    [InlineData("arm64", 40, 0, 0, NotPermitted)]
    [InlineData("arm64", 97, 0, 0, NotPermitted)]
    [InlineData("arm64", 219, 0, 0, NotPermitted)]
    [InlineData("arm64", 442, 0, 0, NotPermitted)]
    // clone3, io_uring_setup, userfaultfd, memfd_secret.
    [InlineData("x64", 435, 0, 0, NoSuchCall)]
    [InlineData("x64", 425, 0, 0, NoSuchCall)]
    [InlineData("x64", 323, 0, 0, NoSuchCall)]
    [InlineData("arm64", 435, 0, 0, NoSuchCall)]
    [InlineData("arm64", 282, 0, 0, NoSuchCall)]
    // What is newer than the list, and the other convention of x86-64.
    [InlineData("x64", 466, 0, 0, Allow)]
    [InlineData("x64", 467, 0, 0, NoSuchCall)]
    [InlineData("arm64", 1000, 0, 0, NoSuchCall)]
    [InlineData("x64", 0x40000000, 0, 0, NoSuchCall)]
    [InlineData("x64", 0x40000000 + 520, 0, 0, NoSuchCall)]
    // clone: a thread, a fork, a user namespace, a network namespace; high bits do not hide a flag.
    [InlineData("x64", 56, 0x3D0F00, 0, Allow)]
    [InlineData("x64", 56, 0x1200011, 0, Allow)]
    [InlineData("x64", 56, 0x10000011, 0, NotPermitted)]
    [InlineData("x64", 56, 0x40000011, 0, NotPermitted)]
    [InlineData("x64", 56, 0x7000000010000011, 0, NotPermitted)]
    [InlineData("arm64", 220, 0x20000, 0, NotPermitted)]
    [InlineData("arm64", 220, 17, 0, Allow)]
    // ioctl: TCGETS; TIOCSTI and TIOCLINUX, plain and with bits that the kernel does not look at.
    [InlineData("x64", 16, 0, 0x5401, Allow)]
    [InlineData("x64", 16, 0, 0x5412, NotPermitted)]
    [InlineData("x64", 16, 0, 0x100005412, NotPermitted)]
    [InlineData("x64", 16, 0, 0x541C, NotPermitted)]
    [InlineData("arm64", 29, 0, 0x7FFFFFFF00005412, NotPermitted)]
    // socket: UNIX, INET, INET6, NETLINK; PACKET, ALG, VSOCK.
    [InlineData("x64", 41, 1, 1, Allow)]
    [InlineData("x64", 41, 2, 1, Allow)]
    [InlineData("x64", 41, 10, 1, Allow)]
    [InlineData("x64", 41, 16, 3, Allow)]
    [InlineData("x64", 41, 17, 3, NoSuchFamily)]
    [InlineData("x64", 41, 38, 5, NoSuchFamily)]
    [InlineData("x64", 41, 40, 1, NoSuchFamily)]
    [InlineData("arm64", 198, 40, 1, NoSuchFamily)]
    [InlineData("arm64", 198, 10, 1, Allow)]
    public void A_system_call_is_judged(string processor, long number, long first, long second, uint verdict)
    {
        var calls = Of(processor);

        Assert.Equal(verdict, Judge(SyscallFilter.Build(calls), calls.Audit, (uint)number, first, second));
    }

    [Theory]
    [InlineData("x64", 0x40000003u)] // 32-bit x86
    [InlineData("x64", 0xC00000B7u)]
    [InlineData("arm64", 0xC000003Eu)]
    [InlineData("arm64", 0x40000028u)] // 32-bit ARM
    public void A_call_of_another_processor_ends_the_process(string processor, uint audit)
    {
        var filter = SyscallFilter.Build(Of(processor));

        foreach (var number in new uint[] { 0, 1, 59, 221, 435 })
            Assert.Equal(Kill, Judge(filter, audit, number, 0, 0));
    }

    [Theory]
    [InlineData("x64")]
    [InlineData("arm64")]
    public void Every_call_on_the_lists_is_denied_and_a_filter_fits_into_the_kernel(string processor)
    {
        const int mostInstructions = 4096;
        var calls = Of(processor);
        var filter = SyscallFilter.Build(calls);

        Assert.All(calls.Forbidden, number => Assert.Equal(NotPermitted, Judge(filter, calls.Audit, number, 0, 0)));
        Assert.All(calls.Absent, number => Assert.Equal(NoSuchCall, Judge(filter, calls.Audit, number, 0, 0)));
        Assert.Equal(calls.Forbidden.Length, calls.Forbidden.Distinct().Count());
        Assert.True(filter.Length / 8 < mostInstructions);
    }

    private static Syscalls Of(string processor) => processor == "x64" ? Syscalls.X64 : Syscalls.Arm64;

    /// <summary>Runs a filter as the kernel does; like it, it refuses jumps beyond the end.</summary>
    private static uint Judge(byte[] filter, uint audit, uint number, long first, long second)
    {
        var data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), audit);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(16), first);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(24), second);
        uint held = 0;
        for (var at = 0; at < filter.Length; at += 8)
        {
            var constant = BinaryPrimitives.ReadUInt32LittleEndian(filter.AsSpan(at + 4));
            switch (BinaryPrimitives.ReadUInt16LittleEndian(filter.AsSpan(at)))
            {
                case 0x20:
                    held = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)constant));
                    break;
                case 0x06:
                    return constant;
                case var jump:
                    var isTrue = jump switch
                    {
                        0x15 => held == constant,
                        0x25 => held > constant,
                        0x35 => held >= constant,
                        0x45 => (held & constant) != 0,
                        _ => throw new InvalidOperationException($"No instruction {jump:x}."),
                    };
                    at += 8 * filter[at + (isTrue ? 2 : 3)];
                    break;
            }
        }
        throw new InvalidOperationException("The filter ended without a verdict.");
    }
}
