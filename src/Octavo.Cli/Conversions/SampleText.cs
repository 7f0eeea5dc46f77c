namespace Octavo.Cli.Conversions;

/// <summary>A text that no model was trained on, for comparing two of them.</summary>
internal static class SampleText
{
    public const string English =
        """
        The lighthouse keeper of Orrin Point counted ships the way other people count sheep. On the evening of the storm she had written
        eleven names into the ledger, each with its heading and the hour, when the lamp began to flicker. She climbed the hundred and four
        steps with a can of oil in one hand and a lantern in the other, and found that the glass was whole but the wick had burned down to
        its brass holder. There was a spare in the drawer, beside the letters that the harbour office had sent and that nobody had answered.

        Changing a wick takes three minutes when the hands are warm. Hers were not. She thought of the twelfth ship, which was due before
        midnight with flour, nails and a piano for the school, and of its captain, who trusted this light more than he trusted his charts.
        Far out, between two waves, something white moved and was gone. She struck a match; it went out. She struck another, shielded it
        with her coat, and this time the flame took hold, grew, and threw a long yellow beam across the water.

        By morning the wind had turned. The piano stood on the quay under a tarpaulin, out of tune but dry, and a boy was already pressing
        its lowest key again and again to hear how long the sound would last. The keeper wrote the twelfth name into her ledger and slept.
        """;
}
