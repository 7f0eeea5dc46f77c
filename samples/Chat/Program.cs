using Microsoft.Extensions.AI;
using Octavo.Engine;

using IChatClient client = new OctavoChatClient(args[0]);
await foreach (var update in client.GetStreamingResponseAsync(args[1]))
    Console.Write(update.Text);
Console.WriteLine();
