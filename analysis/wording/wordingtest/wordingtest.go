// Package wordingtest is what tests hold the words of pages to: those of a region and those of the country.
package wordingtest

import "regexp"

// StatisticsName finds a name of a statistic. Such names stand under a question's « Comment », in its references,
// in the codebook and in the files; a sentence, a title or a label says what the number tells.
var StatisticsName = regexp.MustCompile(`(?i)\b(Gini|Theil|Lorenz|Herfindahl|HHI|Erreygers|Kitagawa|Oaxaca|Blinder|ICC|SII|RII|` +
	`intra-?class\w*|Shannon|entrop\w+|Kaplan|Meier|Aalen|Johansen|Hawkes|jackknife|bootstrap|Poisson|binomia\w+|` +
	`logisti\w+|logit|likelihood|vraisemblance|Benjamini|Hochberg|Wald|Wilson|Pearson|corr[eé]lations?|CR[0-3]|` +
	`odds ratio|rapports? de cotes|cotes|hurdle|latente?s?|branching|branchement|placebo|p-values?|valeurs? [pE]|E-value|` +
	`E value|test conjoint|joint test|Manski|Imbens|ridits?|concentration index|indice de concentration|` +
	`indices? relatifs?|slope index|indices? de pente|noyau|kernel|censur\w+|censored|AIC|BIC|OLS|MCO|homoscédas\w+)\b|` +
	`[θλσμχ]|\bp\s?[=<]`)
