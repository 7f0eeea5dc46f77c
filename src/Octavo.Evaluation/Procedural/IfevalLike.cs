using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Evaluation.Procedural.Ifeval;
using Octavo.Evaluation.Verifiers.Ifeval;

namespace Octavo.Evaluation.Procedural;

/// <summary>
/// Requests with one to three of IFEval's instructions, and an answer that was built to follow them all and was judged before it is given
/// out. Topics, requests and the wording of instructions belong to one split each.
/// </summary>
internal sealed record IfevalLike : ProceduralTask
{
    private const int MostInstructions = 3;

    private static readonly string[] _sentences =
    [
        "There is a lot to say about {topic}.", "Many people like {topic}.", "You can learn about {topic} in an afternoon.",
        "A good start is a book about {topic}.", "My neighbor knows everything about {topic}.", "Children ask about {topic} too.",
        "The history of {topic} is long.", "In our town there is a small show of {topic}.", "Some prefer to talk about {topic} in the evening.",
        "It takes time to understand {topic}.", "Travelers bring home stories of {topic}.", "It is worth a second look at {topic}.",
    ];

    public override string Name => "ifeval-like";

    protected override ProceduralRow? Draw(SeededRandom random, string split, string id)
    {
        var topic = Pick(random, IfevalWording.Topics(split));
        var request = Pick(random, IfevalWording.Requests(split)).Replace("{topic}", topic, StringComparison.Ordinal);
        var draft = new IfevalDraft(topic, request);
        draft.Sentences.AddRange(Shuffled(random, _sentences)[..Between(random, 3, 5)]
            .Select(sentence => sentence.Replace("{topic}", topic, StringComparison.Ordinal)));
        var recipes = Shuffled(random, IfevalRecipes.All)[..Between(random, 1, MostInstructions)];
        if (recipes.Length > 1 && recipes.Any(recipe => recipe.IsAlone))
            return null;
        List<JsonObject> arguments = [];
        var question = request;
        foreach (var recipe in recipes)
        {
            arguments.Add(recipe.Apply(random, draft));
            question += " " + IfevalWording.Fill(Pick(random, IfevalWording.Instructions(split, recipe.Id)), arguments[^1]);
        }
        var target = draft.Render();
        var row = new ProceduralRow(
            id, Name, split, string.Join('+', recipes.Select(recipe => recipe.Id).Order(StringComparer.Ordinal)), question, target, target)
        {
            Instructions = [.. recipes.Select(recipe => recipe.Id)],
            Arguments = arguments,
        };
        // some instructions cannot be followed at once: all capitals and all lowercase, for one
        return Problem(row) is null ? row : null;
    }

    public override string? Problem(ProceduralRow row)
    {
        var failed = row.Instructions!.Where((id, i) => !IfevalChecks.Strict(id, row.Arguments![i], row.Target)).ToList();
        return failed.Count == 0 ? null : $"it does not follow {string.Join(", ", failed)}.";
    }
}
