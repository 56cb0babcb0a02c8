// Package wording writes numbers, dates and lists as a reader of a page expects
// them, in French (the default: 1 234,5, « 23 % », no-break spaces) or in English
// (1,234.5, 23%). Text goes in as both languages side by side; the language picks
// one. Everything that is drawn or written for people goes through here.
package wording
