using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Bench.Peers;

/// <summary>What CMake remembers of a build.</summary>
internal static partial class CMakeBuild
{
    // switches of other machines' backends are on by default and mean nothing here
    private const string Switches = "CMAKE_BUILD_TYPE|CMAKE_CXX_FLAGS|GGML_(?:NATIVE|AVX\\w*|AMX\\w*|FMA|F16C|CPU\\w*|LLAMAFILE|OPENMP|LTO|IQK\\w*)";

    /// <summary>The compiler, the kind of build and the switches that matter on a CPU, in one line.</summary>
    /// <exception cref="ConfigException">There is no record.</exception>
    public static string Describe(string build, string peer)
    {
        var cache = Path.Combine(build, "CMakeCache.txt");
        if (!File.Exists(cache))
            throw new ConfigException($"{cache} is missing: how {peer} was built cannot be checked. "
                + $"Build it again: bench/peers/race build {peer}");
        var flags = File.ReadLines(cache).Select(line => Switch().Match(line)).Where(match => match.Success)
            .Select(match => $"{match.Groups["name"].Value}={match.Groups["value"].Value}");
        return string.Join(' ', flags.Prepend(Compiler(build)));
    }

    private static string Compiler(string build)
    {
        var record = Directory.EnumerateFiles(
            Path.Combine(build, "CMakeFiles"), "CMakeCXXCompiler.cmake", SearchOption.AllDirectories).FirstOrDefault();
        if (record is null)
            return "compiler unknown";
        var text = File.ReadAllText(record);
        return $"{CompilerName().Match(text).Groups[1].Value} {CompilerVersion().Match(text).Groups[1].Value}";
    }

    [GeneratedRegex("^(?<name>" + Switches + "):\\w+=(?<value>(?!OFF$)\\S.*)$")]
    private static partial Regex Switch();

    [GeneratedRegex("CMAKE_CXX_COMPILER_ID \"(.*?)\"")]
    private static partial Regex CompilerName();

    [GeneratedRegex("CMAKE_CXX_COMPILER_VERSION \"(.*?)\"")]
    private static partial Regex CompilerVersion();
}
