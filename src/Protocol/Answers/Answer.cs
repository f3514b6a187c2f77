namespace AptTask.Protocol;

/// <summary>
/// What a request is answered with when it is not refused. The envelope (<c>id</c>, <c>status</c>, <c>response</c>) is added by
/// <see cref="AnswerWriter"/>; a reader leaves out members that it does not know, so answers may grow.
/// </summary>
public abstract record Answer
{
    private protected Answer() { }
}
