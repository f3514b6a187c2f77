using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AptTask.Host.Engine;
using AptTask.Host.Execution.Routines;
using AptTask.Host.Execution.Routines.Code;
using AptTask.Host.Execution.Routines.Loading;
using AptTask.Scheduling;

namespace AptTask.Host.Execution.Workers.Frames;

/// <summary>
/// What daemon and worker say to each other, one JSON object a line: the same over the pipes of a process of this machine and over
/// the network. Every frame about an attempt names the call, a number that the daemon gave; a worker that names a call which it was not
/// given is ended.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "frame")]
[JsonDerivedType(typeof(Describe), "describe")]
[JsonDerivedType(typeof(Described), "described")]
[JsonDerivedType(typeof(Include), "include")]
[JsonDerivedType(typeof(Included), "included")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Abort), "abort")]
[JsonDerivedType(typeof(Report), "report")]
[JsonDerivedType(typeof(Log), "log")]
[JsonDerivedType(typeof(Post), "post")]
[JsonDerivedType(typeof(End), "end")]
[JsonDerivedType(typeof(Heartbeat), "heartbeat")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Welcome), "welcome")]
[JsonDerivedType(typeof(Refuse), "refuse")]
[JsonDerivedType(typeof(Offer), "offer")]
internal abstract record Frame
{
    private Frame() { }

    /// <summary>To the worker: load this plugin and say what is in it. The first frame that it gets.</summary>
    /// <param name="Plugin">The plugin's name; null for functions of the framework alone.</param>
    /// <param name="Hash">The hash of its files.</param>
    /// <param name="Folder">The copy of its files.</param>
    public sealed record Describe(string? Plugin, string? Hash, string? Folder) : Frame;

    /// <summary>From the worker: what is in the plugin.</summary>
    public sealed record Described : Frame
    {
        /// <summary>Why it could not be loaded; null when it was.</summary>
        public string? Failure { get; init; }

        /// <summary>The version of its main assembly.</summary>
        public string Version { get; init; } = "";

        /// <summary>The routines that its author marked.</summary>
        public ImmutableArray<RoutineFacts> Routines { get; init; } = [];

        /// <summary>What in it cannot be offered, and why.</summary>
        public ImmutableArray<string> Problems { get; init; } = [];

        /// <summary>The methods that could be called by name.</summary>
        public ImmutableArray<MethodName> Methods { get; init; } = [];
    }

    /// <summary>To the worker: is there such a method?</summary>
    public sealed record Include(CodeName Code) : Frame;

    /// <summary>From the worker: the method's arguments, or why it cannot be called.</summary>
    public sealed record Included(RoutineFacts? Facts, string? Failure) : Frame;

    /// <summary>To the worker: run one attempt.</summary>
    /// <param name="Call">Its number on this link; never used twice.</param>
    /// <param name="Code">What to run.</param>
    public sealed record Run(long Call, CodeName Code) : Frame
    {
        /// <summary>The bound arguments.</summary>
        public RawJson Arguments { get; init; }

        /// <summary>The task.</summary>
        public required long Task { get; init; }

        /// <summary>The attempt's name.</summary>
        public required long Token { get; init; }

        /// <summary>The attempt's number, from 1.</summary>
        public required int Attempt { get; init; }

        /// <summary>The task's group.</summary>
        public required string Group { get; init; }

        /// <summary>The client's name for the task.</summary>
        public string? Job { get; init; }

        /// <summary>The largest result, in bytes.</summary>
        public required int MaxResult { get; init; }

        /// <summary>The largest posted data together, in bytes.</summary>
        public required int MaxPosted { get; init; }

        /// <summary>How the jobs ended that it waited for, by job id.</summary>
        public Dictionary<string, Ended>? Dependencies { get; init; }
    }

    /// <summary>To the worker: end an attempt.</summary>
    public sealed record Abort(long Call, bool Force) : Frame;

    /// <summary>From the worker: something about an attempt that it was given.</summary>
    public abstract record About(long Call) : Frame;

    /// <summary>From the worker: how far an attempt is.</summary>
    public sealed record Report(long Call, double Progress, string? Message) : About(Call);

    /// <summary>From the worker: a piece of the worklog.</summary>
    public sealed record Log(long Call, LogStream Stream, string Text) : About(Call);

    /// <summary>From the worker: named data.</summary>
    public sealed record Post(long Call, string Name, RawJson Data) : About(Call);

    /// <summary>From the worker: an attempt is over, and nothing more will be said of it.</summary>
    public sealed record End(long Call) : About(Call)
    {
        /// <summary>Why it failed; null when it did not.</summary>
        public FailureReason? Reason { get; init; }

        /// <summary>Whether it ended because it was told to.</summary>
        public bool Stopped { get; init; }

        /// <summary>Whether trying again is of no use.</summary>
        public bool Final { get; init; }

        /// <summary>What it returned.</summary>
        public RawJson Data { get; init; }

        /// <summary>Its exit code.</summary>
        public int? ExitCode { get; init; }

        /// <summary>For people.</summary>
        public string? Message { get; init; }

        /// <summary>Processor time that it used, in seconds.</summary>
        public double? CpuSeconds { get; init; }

        /// <summary>The memory of the worker, or the peak of a command's, in bytes.</summary>
        public long? Memory { get; init; }

        /// <summary>What a command wrote, in bytes.</summary>
        public long? OutputBytes { get; init; }
    }

    /// <summary>
    /// Over the network, both ways and at regular times. From the worker with all that it holds; the daemon's answer prolongs the
    /// lease under which the worker holds it, counted from when that heartbeat was sent.
    /// </summary>
    /// <param name="Number">The worker's number of it, from 1; in an answer, of the one that is answered.</param>
    public sealed record Heartbeat(long Number) : Frame
    {
        /// <summary>The newest one of which the worker has the answer: it has seen all that was sent before that answer.</summary>
        public long Answered { get; init; }

        /// <summary>From the worker: the calls that it holds.</summary>
        public ImmutableArray<long> Calls { get; init; } = [];
    }

    /// <summary>The first frame of a worker on another machine: who it is.</summary>
    /// <param name="Version">The version of the frames that it speaks.</param>
    /// <param name="Name">Its name, for people.</param>
    /// <param name="Program">The version of its program.</param>
    public sealed record Hello(int Version, string Name, string Program) : Frame
    {
        /// <summary>Its key, of the role worker. Never written down anywhere.</summary>
        public string? Key { get; init; }

        /// <summary>Different for each process: one that comes back has ended all that it ran, and takes the place of its old link.</summary>
        public string? Process { get; init; }
    }

    /// <summary>To a worker on another machine: it may offer its places.</summary>
    /// <param name="HeartbeatSeconds">How often it has to give a sign of life.</param>
    /// <param name="LeaseSeconds">After this time without an answer to one it owns nothing more and ends all that it runs.</param>
    public sealed record Welcome(double HeartbeatSeconds, double LeaseSeconds) : Frame;

    /// <summary>To a worker on another machine: why it is not taken. The link ends.</summary>
    public sealed record Refuse(string Message) : Frame;

    /// <summary>From a worker on another machine: what it runs, and in how many places. Again whenever that has changed.</summary>
    /// <param name="Lanes">Places by lane.</param>
    /// <param name="Routines">What it can run.</param>
    public sealed record Offer(ImmutableDictionary<string, int> Lanes, ImmutableArray<RoutineDescriptor> Routines)
        : Frame;

    /// <summary>How a job ended, for a dependant.</summary>
    public sealed record Ended(long Task, TaskOutcome Outcome, RawJson Data)
    {
        /// <summary>What it posted.</summary>
        public Dictionary<string, RawJson>? Posted { get; init; }
    }
}
