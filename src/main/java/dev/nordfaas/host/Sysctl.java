package dev.nordfaas.host;

/**
 * One kernel setting of a node.
 *
 * @param name with dots, such as {@code net.core.somaxconn}
 * @param value as {@code sysctl} prints it, several numbers apart by one space
 * @param why what goes wrong without it, in one line
 * @param source where the value comes from
 */
public record Sysctl(String name, String value, String why, String source) {}
