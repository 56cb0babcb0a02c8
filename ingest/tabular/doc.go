// Package tabular reads delimited text files of any product through a mapping
// that the operator writes in the study: which column is which field, how values
// and dates are spelt, in which character set. Exports of the directory, registers
// and logs are all read with it; it knows nothing of what their rows mean.
//
// The way of a row:
//
//  1. the bytes are decoded to UTF-8 (charset.go);
//  2. Scanner cuts records and fields: any delimiter, quotes, CR, LF or CRLF,
//     bounded records; a quote that never closes costs its own line only;
//  3. Rows binds the Mapping to the file's header, maps values, reads dates, and
//     refuses what does not fit as an ingest.Reject (line and reason, no text).
//
// Open reads a file from its start. A file that is cut into chunks, to be read on
// several cores, is bound once (Bind) and read by one Chunks for each goroutine.
//
// There is no one standard of delimited files. RFC 4180 is the base; exports of
// school products deviate from it: ISO-8859-1 with CRLF, UTF-8 with several BOMs,
// repeated headers, column names with a leading space or an asterisk, line ends of
// a bare CR (see ingest/format/FORMATS.md).
package tabular
