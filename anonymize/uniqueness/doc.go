// Package uniqueness tells from a table how many persons are alone in it and, by models of
// a larger population, how many would be alone there: what an attacker needs to know before
// a match is a person.
//
//   - Special finds the minimal sample uniques of each row and scores them as SUDA does:
//     M. Elliot, A. Manning, K. Mayes, J. Gurd, M. Bane, SUDA: A Program for Detecting
//     Special Uniques, UN/ECE work session on statistical data confidentiality, 2005.
//   - Population estimates the share of population uniques from the sizes of the classes of
//     a sample: Pitman (N. Hoshino, Applying Pitman's Sampling Formula to Microdata
//     Disclosure Risk Assessment, Journal of Official Statistics 17, 2001), Zayatz (Bureau of
//     the Census, 1991), the shifted negative binomial (G. Chen, S. Keller-McNulty, Journal of
//     Official Statistics 14, 1998, with Shlosser's number of classes), and the rule of F.
//     Dankar, K. El Emam, A. Neisa, T. Roffey, Estimating the re-identification risk of
//     clinical data sets, BMC Medical Informatics and Decision Making 12:66, 2012, which
//     says which of them to believe.
//
// An estimate is a model's and no bound: a sample of 5 % of a population of which 9 % are
// alone gave Pitman 36 % where the classes follow another law.
//
// Pure: numbers in, numbers out; it imports nothing of the house.
package uniqueness
