// Package delimited reads delimited text files of any product through a mapping
// that the operator writes in the study: which column is which field, how values
// and dates are spelt, in which character set.
//
// The way of a row:
//
//  1. the bytes are decoded to UTF-8 (charset.go);
//  2. Scanner cuts records and fields: any delimiter, quotes, CR, LF or CRLF,
//     bounded records; a quote that never closes costs its own line only;
//  3. Rows binds the mapping to the file's headings, maps values, reads dates,
//     and refuses what does not fit as an ingest.Reject (line and reason, no text);
//  4. directories and registers read Rows; EventDecoder makes ingest.Events of them.
//
// There is no one standard of delimited files. RFC 4180 is the base; the
// deviations met in ENT exports are listed in facts/log-formats.md, sections
// 2.4, 7 and 12: ISO-8859-1 with CRLF, UTF-8 with several BOMs, repeated
// headings, headings with a leading space or an asterisk, CR-only line ends.
package delimited
