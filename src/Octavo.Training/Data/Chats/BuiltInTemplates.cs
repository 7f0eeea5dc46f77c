using Octavo.Core;
using Octavo.Core.Templates;

namespace Octavo.Training.Data.Chats;

/// <summary>Chat templates that training knows by name. Each marks what the assistant says, its end token included.</summary>
internal static class BuiltInTemplates
{
    // roles are plain text; only the assistant's turns end with a token, and the last of them without a line end
    private const string Tulu =
        "{% for m in messages %}"
        + "{% if m['role'] == 'assistant' %}"
        + "{{ '<|assistant|>\\n' }}{% generation %}{{ m['content'] + eos_token }}{% endgeneration %}"
        + "{% if not loop.last %}{{ '\\n' }}{% endif %}"
        + "{% else %}{{ '<|' + m['role'] + '|>\\n' + m['content'] + '\\n' }}{% endif %}"
        + "{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";

    private const string ChatMl =
        "{% for m in messages %}"
        + "{{ '<|im_start|>' + m['role'] + '\\n' }}"
        + "{% if m['role'] == 'assistant' %}{% generation %}{{ m['content'] + '<|im_end|>' }}{% endgeneration %}"
        + "{% else %}{{ m['content'] + '<|im_end|>' }}{% endif %}{{ '\\n' }}"
        + "{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    // every turn ends with the end token
    private const string Zephyr =
        "{% for m in messages %}"
        + "{{ '<|' + m['role'] + '|>\\n' }}"
        + "{% if m['role'] == 'assistant' %}{% generation %}{{ m['content'] + eos_token }}{% endgeneration %}"
        + "{% else %}{{ m['content'] + eos_token }}{% endif %}{{ '\\n' }}"
        + "{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["tulu", "chatml", "zephyr"];

    /// <summary>The template's text.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public static string Source(string name) => name switch
    {
        "tulu" => Tulu,
        "chatml" => ChatMl,
        "zephyr" => Zephyr,
        _ => throw new ConfigException($"there is no chat template '{name}'. Known: {string.Join(", ", Names)}."),
    };

    /// <summary>The text of a built-in template, or of a template in a file.</summary>
    /// <param name="nameOrPath">One of <see cref="Names"/>, or the path of a file with Jinja.</param>
    /// <exception cref="InputFileException">It is neither, or the file cannot be read.</exception>
    public static string SourceOf(string nameOrPath)
    {
        if (Names.Contains(nameOrPath))
            return Source(nameOrPath);
        return File.Exists(nameOrPath)
            ? ChatTemplateSource.ReadFile(nameOrPath)
            : throw new InputFileException($"{nameOrPath}: is neither a built-in chat template ({string.Join(", ", Names)}) nor a file.");
    }

    /// <summary>A built-in template that renders the same and does not mark what the assistant says, as programs for inference know it.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public static string Unmarked(string name) => Source(name)
        .Replace("{% generation %}", "", StringComparison.Ordinal).Replace("{% endgeneration %}", "", StringComparison.Ordinal);

    /// <summary>The template, parsed.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public static ChatTemplate Get(string name) => ChatTemplate.Parse(Source(name));
}
