using Octavo.Core;

namespace Octavo.Engine.Sampling;

/// <summary>
/// Chooses the next token from a row of logits, in transformers' order: bias, penalties, temperature, top-k, top-p, min-p, draw.
/// Belongs to one generation; allocates nothing per token.
/// </summary>
internal sealed class Sampler
{
    /// <summary>Bytes per token of the vocabulary that a draw may write; the other lists are written where tokens occur, and stay untouched pages.</summary>
    public const int TokenBytes = sizeof(float) + sizeof(ulong);

    private readonly GenerationOptions _options;
    private readonly SeededRandom _random;
    private readonly float[] _work;
    private readonly ulong[] _candidates;
    private readonly int[] _inAnswer;
    private readonly bool[] _seen;
    private readonly int[] _touched;
    private readonly (int Id, float Bias)[] _bias;
    private int _touchedCount;

    public Sampler(GenerationOptions options, int vocabulary)
    {
        _options = options;
        _random = new SeededRandom(options.Seed);
        _work = new float[vocabulary];
        _candidates = new ulong[vocabulary];
        _inAnswer = new int[vocabulary];
        _seen = new bool[vocabulary];
        _touched = new int[vocabulary];
        _bias = [.. options.LogitBias.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key)];
        foreach (var (id, _) in _bias)
        {
            if ((uint)id >= (uint)vocabulary)
                throw new ConfigException($"logit bias names token {id}; the vocabulary has {vocabulary}.");
        }
    }

    /// <summary>Makes the prompt's tokens known to the repetition penalty.</summary>
    public void AcceptPrompt(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
            Touch(token);
    }

    /// <summary>Makes a token of the answer known to the penalties.</summary>
    public void Accept(int token)
    {
        Touch(token);
        _inAnswer[token]++;
    }

    /// <summary>Chooses a token; the logits are left as they are.</summary>
    /// <exception cref="EvaluationException">The logits hold NaN.</exception>
    public int Choose(ReadOnlySpan<float> logits)
    {
        if (_options.Temperature == 0 && _bias.Length == 0 && !HasPenalties)
            return Logits.Best(logits);
        logits.CopyTo(_work);
        foreach (var (id, bias) in _bias)
            _work[id] += bias;
        if (HasPenalties)
            Penalize();
        return _options.Temperature == 0 ? Logits.Best(_work) : Draw();
    }

    private bool HasPenalties =>
        _options.RepetitionPenalty != 1 || _options.PresencePenalty != 0 || _options.FrequencyPenalty != 0;

    private void Touch(int token)
    {
        if (_seen[token])
            return;
        _seen[token] = true;
        _touched[_touchedCount++] = token;
    }

    private void Penalize()
    {
        for (var i = 0; i < _touchedCount; i++)
        {
            var id = _touched[i];
            ref var logit = ref _work[id];
            logit = logit > 0 ? logit / _options.RepetitionPenalty : logit * _options.RepetitionPenalty;
            if (_inAnswer[id] > 0)
                logit -= _options.PresencePenalty + (_options.FrequencyPenalty * _inAnswer[id]);
        }
    }

    private int Draw()
    {
        var best = _work[Logits.Best(_work)];
        if (float.IsNegativeInfinity(best))
            throw new EvaluationException("Every token is ruled out by the logit biases; allow at least one.");
        var count = Gather(best);
        if (_options.TopK > 0)
            count = Smallest(_candidates.AsSpan(0, count), _options.TopK);
        // Candidates are sorted from the most likely on: bits of a positive float order as the float does. Where nothing is cut, any order will do.
        if (HasCut)
            _candidates.AsSpan(0, count).Sort();
        var total = 0.0;
        for (var i = 0; i < count; i++)
            total += Weight(i);
        count = CutTail(count, ref total);
        var target = _random.NextDouble() * total;
        for (var i = 0; i < count - 1; i++)
        {
            target -= Weight(i);
            if (target < 0)
                return Id(i);
        }
        return Id(count - 1);
    }

    private bool HasCut => _options.TopK > 0 || _options.TopP < 1 || _options.MinP > 0;

    private static double Below(float minP) => minP > 0 ? MathF.BitDecrement(minP) : 0;

    /// <summary>Brings the k smallest keys to the front, in any order; returns how many there are. Hoare's selection: no key is there twice.</summary>
    private static int Smallest(Span<ulong> keys, int k)
    {
        if (keys.Length <= k)
            return keys.Length;
        for (int first = 0, last = keys.Length - 1; first < last;)
        {
            var pivot = keys[first + ((last - first) / 2)];
            var (i, j) = (first, last);
            while (i <= j)
            {
                while (keys[i] < pivot)
                    i++;
                while (keys[j] > pivot)
                    j--;
                if (i > j)
                    break;
                (keys[i], keys[j]) = (keys[j], keys[i]);
                i++;
                j--;
            }
            if (k - 1 <= j)
                last = j;
            else if (k - 1 >= i)
                first = i;
            else
                break;
        }
        return k;
    }

    /// <summary>Writes exp((logit − best)/T) of the tokens that can matter, as sortable keys; returns how many.</summary>
    private int Gather(float best)
    {
        var total = 0.0;
        for (var id = 0; id < _work.Length; id++)
        {
            _work[id] = MathF.Exp((_work[id] - best) / _options.Temperature);
            total += _work[id];
        }
        // Tokens below this cannot be part of the nucleus: all of them together weigh less than what top-p leaves out. The best one weighs 1.
        var floor = _options.TopK == 0 ? Math.Max((1 - _options.TopP) * total / _work.Length, Below(_options.MinP)) : 0;
        var count = 0;
        for (var id = 0; id < _work.Length; id++)
        {
            if (_work[id] > floor || (floor == 0 && _work[id] > 0))
                _candidates[count++] = ((ulong)(~BitConverter.SingleToUInt32Bits(_work[id])) << 32) | (uint)id;
        }
        return count;
    }

    private int CutTail(int count, ref double total)
    {
        if (_options.TopP < 1)
        {
            // With top-k the nucleus is taken of what top-k left; without it, of the whole distribution.
            var whole = _options.TopK > 0 ? total : WholeWeight();
            var sum = 0.0;
            var kept = 0;
            while (kept < count && (kept == 0 || sum < _options.TopP * whole))
                sum += Weight(kept++);
            count = kept;
            total = sum;
        }
        if (_options.MinP > 0)
        {
            while (count > 1 && Weight(count - 1) < _options.MinP * Weight(0))
                total -= Weight(--count);
        }
        return count;
    }

    private double WholeWeight()
    {
        var total = 0.0;
        foreach (var weight in _work)
            total += weight;
        return total;
    }

    private float Weight(int candidate) => BitConverter.UInt32BitsToSingle(~(uint)(_candidates[candidate] >> 32));

    private int Id(int candidate) => (int)(uint)_candidates[candidate];
}
