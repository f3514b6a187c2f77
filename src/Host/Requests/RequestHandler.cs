using AptTask.Protocol;

namespace AptTask.Host.Requests;

/// <summary>Handles one kind of request.</summary>
internal delegate ValueTask<Task<Answer>> RequestHandler(RequestContext context, Request request);
