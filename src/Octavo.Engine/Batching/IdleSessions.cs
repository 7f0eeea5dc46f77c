using Octavo.Engine.Kv;

namespace Octavo.Engine.Batching;

/// <summary>
/// Sessions of answers that have ended, for conversations that go on: the next turn finds all of what was computed, also the page that
/// is not full. Together they hold at most one context's tokens. Not thread-safe.
/// </summary>
internal sealed class IdleSessions(LanguageModel model) : IDisposable
{
    private readonly List<Session> _sessions = [];

    public int Count => _sessions.Count;

    /// <summary>The session of an adapter and a method that shares most with a prompt, or a new one; the caller owns it.</summary>
    public Session Take(ReadOnlySpan<int> prompt, string? adapter = null, KvMethod? method = null)
    {
        var (best, common) = (-1, 0);
        for (var i = 0; i < _sessions.Count; i++)
        {
            // of another adapter, or of one that was removed and added again under the name, nothing can be kept
            var length = _sessions[i].IsFor(adapter, method) ? _sessions[i].Tokens.CommonPrefixLength(prompt) : 0;
            if (length > common)
                (best, common) = (i, length);
        }
        if (best < 0)
            return model.NewSession(adapter, method);
        // Another conversation that only begins alike keeps its session.
        if (common * 2 < _sessions[best].Tokens.Length)
            return _sessions[best].Fork();
        var session = _sessions[best];
        _sessions.RemoveAt(best);
        return session;
    }

    /// <summary>Keeps a session; the oldest ones go where there are too many.</summary>
    public void Give(Session session)
    {
        _sessions.Add(session);
        while (_sessions.Sum(kept => (long)kept.Tokens.Length) > model.ContextLength && _sessions.Count > 1)
        {
            _sessions[0].Dispose();
            _sessions.RemoveAt(0);
        }
    }

    public void Dispose()
    {
        foreach (var session in _sessions)
            session.Dispose();
        _sessions.Clear();
    }
}
