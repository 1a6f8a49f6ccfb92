/**
 * What is measured while something breaks in the lab, and how it is written down: plain values,
 * without a lab.
 */
package dev.nordfaas.lab.fault;
