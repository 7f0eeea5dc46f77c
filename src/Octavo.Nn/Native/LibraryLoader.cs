using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>Loads libtorch and the wrapper from chosen folders, so that TorchSharp finds these and no others.</summary>
internal static class LibraryLoader
{
    private static string[] _folders = [];

    /// <summary>Loads them, and answers TorchSharp's own questions for libraries from then on.</summary>
    /// <param name="libtorch">The folder of libtorch.</param>
    /// <param name="wrapper">The file of the wrapper.</param>
    /// <exception cref="ConfigException">This process has loaded another libtorch already.</exception>
    /// <exception cref="UnsupportedException">A library cannot be loaded here; the dynamic linker's reason is in the message.</exception>
    public static void Load(string libtorch, string wrapper)
    {
        if (LoadedLibraries.PathOf("libtorch_cpu.so") is { } other)
            throw new ConfigException($"This process has loaded {other} already. Call TorchRuntime.Ensure() before anything of TorchSharp is used.");
        _folders = [Path.GetDirectoryName(wrapper)!, libtorch];
        // The linker takes a library that is loaded already for one of the same name: neither search paths nor LD_LIBRARY_PATH decide.
        foreach (var library in Pinned.Libraries.Select(name => Path.Combine(libtorch, name)).Where(File.Exists).Append(wrapper))
            LoadOne(library);
        var context = AssemblyLoadContext.GetLoadContext(Assembly.GetExecutingAssembly()) ?? AssemblyLoadContext.Default;
        context.ResolvingUnmanagedDll += static (_, name) => Resolve(name);
    }

    private static void LoadOne(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new UnsupportedException($"{path} cannot be loaded: {error.Message.ReplaceLineEndings(" ")} `octavo doctor` says what this system has.", error);
        }
    }

    private static nint Resolve(string name)
    {
        foreach (var folder in _folders)
        {
            foreach (var file in (ReadOnlySpan<string>)[name, $"lib{name}.so", $"{name}.so"])
            {
                var path = Path.Combine(folder, file);
                if (File.Exists(path) && NativeLibrary.TryLoad(path, out var handle))
                    return handle;
            }
        }
        return 0;
    }
}
