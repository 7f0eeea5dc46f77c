namespace Octavo.Cli.Verbs;

/// <summary>A verb as the list knows it: enough for help and for mistakes, before anything of it is built.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Group">The group of the architecture's table that it belongs to.</param>
/// <param name="Summary">One line.</param>
/// <param name="Examples">Command lines that work, shown by its help.</param>
/// <param name="Create">Builds the verb.</param>
internal sealed record VerbEntry(string Name, string Group, string Summary, IReadOnlyList<string> Examples, Func<Verb> Create);
