using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AptTask.Host.Execution.Sandbox;

/// <summary>The numbers that one processor architecture gives to the system calls that <see cref="SyscallFilter"/> knows.</summary>
internal sealed class Syscalls
{
    /// <summary>The name of the architecture to the kernel's audit, by which a filter knows whose numbers it sees.</summary>
    public required uint Audit { get; init; }

    /// <summary>Numbers from here on belong to another convention of the same processor; null when there is none.</summary>
    public uint? ForeignFrom { get; init; }

    /// <summary>Makes a process or thread, by flags.</summary>
    public required uint Clone { get; init; }

    /// <summary>Asks a device.</summary>
    public required uint Control { get; init; }

    /// <summary>Opens a socket.</summary>
    public required uint Socket { get; init; }

    /// <summary>Calls that no command needs, and that reach beyond a fence or into the kernel's less trodden parts.</summary>
    public required ImmutableArray<uint> Forbidden { get; init; }

    /// <summary>Calls that programs try and do without: they are told that the kernel is older than it is.</summary>
    public required ImmutableArray<uint> Absent { get; init; }

    /// <summary>The newest number that was looked at when this was written: what is newer is not let through unseen.</summary>
    public const uint Newest = 466;

    // The same on every architecture: open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_getfd, mount_setattr,
    // quotactl_fd, set_mempolicy_home_node.
    private static readonly ImmutableArray<uint> ForbiddenEverywhere =
    [
        428,
        429,
        430,
        431,
        432,
        433,
        438,
        442,
        443,
        450,
    ];

    // io_uring_setup, io_uring_enter, io_uring_register, clone3 (its flags are in memory, where a filter cannot look), memfd_secret.
    private static readonly ImmutableArray<uint> AbsentEverywhere = [425, 426, 427, 435, 447];

    /// <summary>x86-64, from the kernel's syscall_64.tbl.</summary>
    public static Syscalls X64 { get; } =
        new()
        {
            Audit = 0xC000003E,
            ForeignFrom = 0x40000000,
            Clone = 56,
            Control = 16,
            Socket = 41,
            Forbidden =
            [
                101, // ptrace
                103, // syslog
                134, // uselib
                153, // vhangup
                154, // modify_ldt
                155, // pivot_root
                156, // _sysctl
                159, // adjtimex
                161, // chroot
                163, // acct
                164, // settimeofday
                165, // mount
                166, // umount2
                167, // swapon
                168, // swapoff
                169, // reboot
                170, // sethostname
                171, // setdomainname
                172, // iopl
                173, // ioperm
                174, // create_module
                175, // init_module
                176, // delete_module
                177, // get_kernel_syms
                178, // query_module
                179, // quotactl
                180, // nfsservctl
                212, // lookup_dcookie
                227, // clock_settime
                237, // mbind
                238, // set_mempolicy
                239, // get_mempolicy
                246, // kexec_load
                248, // add_key
                249, // request_key
                250, // keyctl
                256, // migrate_pages
                272, // unshare
                279, // move_pages
                298, // perf_event_open
                300, // fanotify_init
                303, // name_to_handle_at
                304, // open_by_handle_at
                305, // clock_adjtime
                308, // setns
                310, // process_vm_readv
                311, // process_vm_writev
                312, // kcmp
                313, // finit_module
                320, // kexec_file_load
                321, // bpf
                .. ForbiddenEverywhere,
            ],
            Absent =
            [
                323, // userfaultfd
                .. AbsentEverywhere,
            ],
        };

    /// <summary>64-bit ARM, from the kernel's asm-generic/unistd.h.</summary>
    public static Syscalls Arm64 { get; } =
        new()
        {
            Audit = 0xC00000B7,
            Clone = 220,
            Control = 29,
            Socket = 198,
            Forbidden =
            [
                18, // lookup_dcookie
                39, // umount2
                40, // mount
                41, // pivot_root
                42, // nfsservctl
                51, // chroot
                58, // vhangup
                60, // quotactl
                89, // acct
                97, // unshare
                104, // kexec_load
                105, // init_module
                106, // delete_module
                112, // clock_settime
                116, // syslog
                117, // ptrace
                142, // reboot
                161, // sethostname
                162, // setdomainname
                170, // settimeofday
                171, // adjtimex
                217, // add_key
                218, // request_key
                219, // keyctl
                224, // swapon
                225, // swapoff
                235, // mbind
                236, // get_mempolicy
                237, // set_mempolicy
                238, // migrate_pages
                239, // move_pages
                241, // perf_event_open
                262, // fanotify_init
                264, // name_to_handle_at
                265, // open_by_handle_at
                266, // clock_adjtime
                268, // setns
                270, // process_vm_readv
                271, // process_vm_writev
                272, // kcmp
                273, // finit_module
                280, // bpf
                294, // kexec_file_load
                .. ForbiddenEverywhere,
            ],
            Absent =
            [
                282, // userfaultfd
                .. AbsentEverywhere,
            ],
        };

    /// <summary>Those of this machine; null when its architecture is not known here.</summary>
    public static Syscalls? OfThisMachine =>
        RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => X64,
            Architecture.Arm64 => Arm64,
            _ => null,
        };
}
