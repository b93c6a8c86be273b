"""What other programs ask: prove who sends, call one service, answer in that program's own words."""
