using Octavo.Models.Configs;

namespace Octavo.Models.Families;

/// <summary>One text architecture: what it is called and how its description is made from a configuration.</summary>
/// <param name="ModelType">The <c>model_type</c> of config.json.</param>
/// <param name="Architectures">The classes of config.json's <c>architectures</c>; the first is meant where none is named.</param>
/// <param name="GgufArchitecture">The <c>general.architecture</c> that it reads, or null where another family reads its files.</param>
/// <param name="FromHub">The class's name and its config to the description.</param>
/// <param name="FromGguf">A file's metadata to the description.</param>
/// <param name="IgnoredSuffixes">Ends of names of stored tensors that carry nothing: buffers that older checkpoints saved.</param>
/// <param name="Claims">Which files of its GGUF architecture it reads, where another family reads the rest.</param>
/// <param name="WrittenAs">The GGUF architecture of another family that its checkpoints are converted to, where they have none of their own.</param>
internal sealed record Family(
    string ModelType,
    IReadOnlyList<string> Architectures,
    string? GgufArchitecture,
    Func<string, HubConfig, TextModel> FromHub,
    Func<GgufConfig, TextModel>? FromGguf,
    IReadOnlyList<string> IgnoredSuffixes,
    Func<GgufConfig, bool>? Claims = null,
    string? WrittenAs = null);
