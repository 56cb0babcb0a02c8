package report

import "github.com/entscope/entscope/analysis/wording"

// lang is the language of a page.
type lang = wording.Lang

const (
	fr = wording.FR
	en = wording.EN
)
