using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Octavo.Engine;

/// <summary>Registers the engine with dependency injection.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Registers one <see cref="IChatClient"/> that loads the model when first asked for and is disposed with the container.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="path">Folder or file, as <see cref="Octavo.Models.Checkpoint.Open"/> takes it.</param>
    /// <param name="options">How to run the model.</param>
    public static IServiceCollection AddOctavoChatClient(this IServiceCollection services, string path, EngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddSingleton<IChatClient>(_ => new OctavoChatClient(path, options));
    }
}
