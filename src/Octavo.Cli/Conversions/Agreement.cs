namespace Octavo.Cli.Conversions;

/// <summary>How far two models agree on the same tokens.</summary>
/// <param name="Tokens">Tokens that both were given.</param>
/// <param name="LargestDifference">The largest absolute difference of two logits.</param>
/// <param name="SameBest">The share of positions at which both find the same token most likely, 0 to 1.</param>
/// <param name="Divergence">The mean Kullback-Leibler divergence of the second from the first, in nats.</param>
/// <param name="NllBefore">The mean negative log-likelihood of tokens 2…n by the first model, in nats.</param>
/// <param name="NllAfter">By the second one.</param>
/// <param name="Scale">The largest absolute logit of the first model.</param>
internal sealed record Agreement(
    int Tokens, double LargestDifference, double SameBest, double Divergence, double NllBefore, double NllAfter, double Scale);
