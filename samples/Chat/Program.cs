using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Octavo.Engine;

var services = new ServiceCollection().AddOctavoChatClient("models/smollm2-135m-instruct");
await using var provider = services.BuildServiceProvider();
var chat = provider.GetRequiredService<IChatClient>();
await foreach (var update in chat.GetStreamingResponseAsync("What is the capital of France?"))
    Console.Write(update.Text);
Console.WriteLine();
